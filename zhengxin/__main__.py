"""`python -m zhengxin` is the command `zhengxin`."""

from zhengxin.console.main import main

main()
