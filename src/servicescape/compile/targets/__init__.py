"""The same rules in the forms that different rulers take: one document a file, always."""
