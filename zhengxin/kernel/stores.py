"""What the three stores are called where they are files."""

STORE_FILES = {
    "default": "zhengxin.sqlite3",
    "keys": "keys.sqlite3",
    "board": "board.sqlite3",
}
