"""What mails say. A letter is written when it leaves, from the rows as they are then."""

from visits.letters.truth import TO_STAFF, address_now
from visits.letters.writing import LETTERS, write

__all__ = ["LETTERS", "TO_STAFF", "address_now", "write"]
