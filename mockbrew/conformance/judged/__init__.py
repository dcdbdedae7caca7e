"""What is judged: replies and refusals against the spec; and the ledger of what came of it."""
