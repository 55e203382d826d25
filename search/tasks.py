"""Takes into the search what a release could not write („search not written“).

May run twice: an edition is written once, whoever is first.
"""

import datetime as dt

from django.tasks import task

from background.policies import policy
from search import index


# A whole archive takes minutes; the longest that we know of, half an hour.
@policy("Suche ergänzen", limit=dt.timedelta(hours=1))
@task(priority=-10)
def complete_search() -> None:
    """Write what is not in the index yet."""
    for _ in index.add_missing():
        pass
