"""The letters of a spreadsheet's columns are those that the library gives."""

from openpyxl.utils import column_index_from_string, get_column_letter

from webapp.core.spreadsheets.letters import column_letter, column_number


def test_every_column_has_the_letters_of_the_library_and_back():
    for number in range(1, 16_385):
        letters = column_letter(number)
        assert letters == get_column_letter(number)
        assert column_number(letters) == number == column_index_from_string(letters)
