"""Trains the classic digit network on MNIST and saves it as mnist.h5; the same as ``handsum train``."""

import sys

from handsum.cli import main

if __name__ == "__main__":
    main(["train", *sys.argv[1:]], prog_name="handsum")
