"""Who lives in the demo community: households, residents, their profiles."""
