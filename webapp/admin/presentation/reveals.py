"""Which entries of the audit trail say that somebody read what is kept from others."""

#: What is read: ID numbers, disability, allowance, notes of visits, long cases, contracts,
#: accounts that pay goes to, grounds of recognition as hard to employ.
REVEALS = (
    "resident.reveal",
    "official_fact.read_ground",
    "resident.find_by_allowance",
    "policy.read_facts",
    "duplicate.compare_id_numbers",
    "import.compare_id_numbers",
    "import.take_refused",
    "standing_service.read_notes",
    "resident.visit_notes_read",
    "long_case.read",
    "resident.long_case_read",
    "contract.read_photo",
    "payment_check.call",
    "payee.read",
)
