"""Forms of imports, by the step of a file they belong to."""
