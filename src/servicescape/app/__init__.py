"""One use case a file: settings in, results out, no printing."""
