"""The civilised-city programme (文明创建) at the desk."""
