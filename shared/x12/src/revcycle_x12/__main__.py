"""`python -m revcycle_x12 show|validate|json|ack FILE…`."""

import sys

from revcycle_x12.cli import main

sys.exit(main())
