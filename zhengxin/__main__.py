from zhengxin.console.main import main

main()
