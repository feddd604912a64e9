"""Who refers to whom: entities to one frozen, resolved catalog."""
