"""What goes wrong while a document is read as an entity."""
