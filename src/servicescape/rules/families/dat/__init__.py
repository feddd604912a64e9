"""Data of customers: which system knows best."""
