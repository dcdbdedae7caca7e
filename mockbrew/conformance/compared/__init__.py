"""Two servers compared: their requests paired, and what differs."""
