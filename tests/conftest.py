"""What holds for all tests."""

import atexit
import os
import tempfile

# Where a CI system runs the tests, the command must not take the tests' own runs for steps of that system.
for _name in ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_REPOSITORY"):
    os.environ.pop(_name, None)
os.environ.pop("CI_PROJECT_DIR", None)

# The tests' runs keep what they find out among themselves, not in the cache of whoever tests.
_cache = tempfile.TemporaryDirectory(prefix="servicescape-tests-")
os.environ["SERVICESCAPE_CACHE_DIR"] = _cache.name
atexit.register(_cache.cleanup)
