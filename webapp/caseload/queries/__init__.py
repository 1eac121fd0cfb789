"""Lists of staff: households they answer for, residents."""
