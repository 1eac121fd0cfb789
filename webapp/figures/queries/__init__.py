"""The published figures: employment, funnel, caseloads."""
