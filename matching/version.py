"""The version of the library, in a module of its own so that any part may name it."""

__version__ = "0.1.0"
