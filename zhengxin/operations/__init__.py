"""How the program runs and what is misconfigured: findings with their remedies, the worker's beat, figures.

In: the machine, the stores, the law folder, what other rooms say. Out: findings (doctor, readyz, the page 运行状况) and
figures (metrics). It changes nothing but the worker's beat, a file under ZHENGXIN_HOME/run.
"""
