"""Documents of other tools, read as they are: each format's own terms to entities of the catalog language.

One file a format. A dialect checks a document against the format's own fields, says by name what the catalog cannot
carry, and gives drafts: entities in the catalog's own words, whose places lead back to the lines of the document.
"""
