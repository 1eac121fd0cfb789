"""What a person keeps of the public list: openings, and searches that tell of new ones.

Nobody but the person sees either; no page of staff, no figure and no ranking reads them.
"""
