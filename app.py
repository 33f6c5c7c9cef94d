"""Draw a digit and see it read: opens handsum's window (`python app.py`)."""

import sys

from handsum.window import main

if __name__ == "__main__":
    sys.exit(main())
