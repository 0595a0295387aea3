"""What the catalogue holds about a person: the runs they are curator of."""

from retrain.catalogue.models import Run
from retrain.people import holdings

holdings.belongs(Run.curator_id)
