"""What the measurements share: a wire of its own, the programs to compare, one run of one of them."""
import sys

sys.dont_write_bytecode = True
