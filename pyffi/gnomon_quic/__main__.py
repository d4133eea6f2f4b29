"""__main__.py: python3 -m gnomon_quic."""
import sys

from .cli import main

sys.exit(main())
