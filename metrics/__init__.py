"""The read side: facts folded from the ledger, verdicts, figures (docs/measures.md)."""
