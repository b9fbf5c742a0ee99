"""What the log of the server may hold: addresses, statements and errors, but nobody's identity number."""

import logging

from zhengxin.kernel.leaks import mask_id_numbers


class MaskingFormatter(logging.Formatter):
    """Masks identity numbers in a whole line of the log, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return mask_id_numbers(super().format(record))
