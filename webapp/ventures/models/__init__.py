"""Tables of ventures: stalls and projects, people's cases, and what is kept of each."""
