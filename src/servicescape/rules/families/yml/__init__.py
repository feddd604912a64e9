"""What goes wrong while a file is read as YAML."""
