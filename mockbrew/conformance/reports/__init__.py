"""Reports: a verification, or the drift between two servers, for people, as JSON and as JUnit XML. From data to text; no file here."""
