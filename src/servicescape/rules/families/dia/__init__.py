"""What is said of documents of other tools."""
