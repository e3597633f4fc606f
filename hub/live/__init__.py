"""The process that holds the streams of open pages (docs/desk.md, Live)."""
