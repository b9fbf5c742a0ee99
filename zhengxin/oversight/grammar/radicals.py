"""Radicals that PDF files put in the place of characters (⾸⻚ for 首页), back to characters."""

import unicodedata

# CJK Radicals Supplement: Unicode's EquivalentUnifiedIdeograph, where a radical is a character of its own.
_SUPPLEMENT = {
    "⺁": "厂", "⺇": "几", "⺈": "刀", "⺊": "卜", "⺌": "小", "⺍": "小", "⺎": "兀", "⺒": "巳", "⺓": "幺",
    "⺕": "彐", "⺗": "心", "⺙": "攵", "⺜": "日", "⺝": "月", "⺟": "母", "⺠": "民", "⺤": "爫", "⺧": "牛",
    "⺩": "王", "⺫": "目", "⺬": "示", "⺮": "竹", "⺶": "羊", "⺷": "羊", "⺸": "羊", "⺻": "聿", "⺼": "肉",
    "⺽": "臼", "⻁": "虎", "⻃": "覀", "⻄": "西", "⻅": "见", "⻆": "角", "⻇": "角", "⻉": "贝", "⻊": "足",
    "⻋": "车", "⻑": "長", "⻓": "长", "⻔": "门", "⻗": "雨", "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风",
    "⻜": "飞", "⻝": "食", "⻞": "食", "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻧": "卤",
    "⻨": "麦", "⻩": "黄", "⻪": "黾", "⻬": "齐", "⻮": "齿", "⻰": "龙", "⻳": "龟",
}  # fmt: skip
_KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
RADICALS = str.maketrans(_SUPPLEMENT | _KANGXI)
