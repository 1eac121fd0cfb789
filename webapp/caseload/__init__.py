"""Who answers for whom: caseloads, contacts on record, filters kept for oneself."""
