.PHONY: demo test setup

# The whole product with demo data.
demo:
	@python3 run.py

# Every check and test.
test:
	@python3 run.py test

setup:
	@python3 run.py setup
