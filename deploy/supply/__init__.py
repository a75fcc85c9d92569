"""What ships with this software: its packages, their licences, a bill of materials.

Read from `requirements.lock` and from what is installed, so that none of it is kept by hand.
"""
