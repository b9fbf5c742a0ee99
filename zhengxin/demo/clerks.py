"""Clerks of the invented county beside those in its register: every sending unit has one.

They send what the year brings; whoever tries the desk signs in as one of the register's accounts.
"""

from typing import NamedTuple


class Clerk(NamedTuple):
    """A person who sends for a unit (by its short name)."""

    username: str
    name: str
    unit: str


CLERKS = (
    Clerk("jiaotong", "秦以安", "县交通局"),
    Clerk("ziran", "苏晚晴", "县自然资源局"),
    Clerk("shuili", "韩既白", "县水利局"),
    Clerk("nongye", "方鹤鸣", "县农业农村局"),
    Clerk("weijian", "罗青禾", "县卫健局"),
    Clerk("jiaoyu", "邵云起", "县教育局"),
    Clerk("yingji", "叶知秋", "县应急局"),
    Clerk("wenlv", "唐牧之", "县文旅广电局"),
    Clerk("gongan", "程望舒", "县公安局"),
    Clerk("renshe", "崔北辰", "县人社局"),
    Clerk("huanjing", "白景行", "县生态环境局"),
    Clerk("caizheng", "梁溪亭", "县财政局"),
    Clerk("minzheng", "谢初雪", "县民政局"),
    Clerk("shangwu", "丁远山", "县商务局"),
    Clerk("fagai", "范小满", "县发改局"),
    Clerk("liuwan", "石清和", "柳湾镇"),
)
