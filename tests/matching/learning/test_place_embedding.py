"""Places learned to be near each other because the same people go to both."""

import random

import numpy as np
import pytest

from matching.evaluation import evaluate
from matching.features.candidate_features import CandidateBlock, SimilarityCache
from matching.features.catalogue import Catalogue
from matching.features.pair_features import FeatureBlock
from matching.learning.match_ranker import MatchRanker
from matching.learning.place_embedding import PLACE_FEATURES, PlaceEmbedding, place_baskets
from matching.records import Opening, Seeker, Task

# Nobody went to both 河东 and 河西: all who went to either also went to 渡口.
EAST, WEST, FERRY, HILL, PEAK = "市/河东", "市/河西", "市/渡口", "市/山脚", "市/山顶"
WALKS = [[EAST, FERRY], [FERRY, WEST], [HILL, PEAK], [HILL, "市/山腰", PEAK]] * 3


@pytest.fixture(scope="module")
def embedding() -> PlaceEmbedding:
    return PlaceEmbedding(dimensions=2).fit(WALKS)


def scored(
    embedding: PlaceEmbedding, seeker: Seeker, places: list[str | None]
) -> dict[str, list[float]]:
    openings = [Opening(id=str(i), title="工", place=place) for i, place in enumerate(places)]
    columns = np.arange(len(openings))
    found = embedding.score(FeatureBlock([seeker], Catalogue(openings)), columns * 0, columns)
    return {name: found[:, i].tolist() for i, name in enumerate(PLACE_FEATURES)}


def test_places_are_near_through_a_third(embedding: PlaceEmbedding) -> None:
    seeker = Seeker(id="s", past=[{"title": "保洁", "place": EAST}])
    west, peak, strange, none = scored(embedding, seeker, [WEST, PEAK, "县/别处", None])[
        "past_place_similarity"
    ]
    assert west > 0.6 > 0.2 > abs(peak)
    assert strange == none == 0


def test_best_mean_and_one_place_of_past_and_home(embedding: PlaceEmbedding) -> None:
    past = [
        {"title": "a", "place": PEAK, "action": "declined"},
        {"title": "b", "place": HILL, "action": "hired"},
        {"title": "c", "place": EAST, "action": "viewed"},
    ]
    seeker = Seeker(id="s", past=past, home=HILL, experience=[{"title": "d", "place": EAST}])
    found = scored(embedding, seeker, [EAST, HILL])
    assert found["past_place_similarity"] == found["known_place_similarity"] == [1, 1]
    assert found["past_place_similarity_last"] == pytest.approx([1, 0], abs=0.01)
    assert found["known_place_similarity_first"] == pytest.approx([0, 1], abs=0.01)
    # Hired weighs 3 and viewed 1, each older one 0.8 of that.
    assert found["past_place_similarity_mean"] == pytest.approx([1 / 3.4, 2.4 / 3.4], abs=0.01)
    assert found["known_place_similarity_mean"] == pytest.approx([0.5, 0.5], abs=0.01)


def test_what_is_combined_are_places_known_drawn_to_and_chosen() -> None:
    seeker = {
        "id": "s",
        "home": EAST,
        "experience": [{"title": "d", "place": WEST}, {"title": "e"}],
        "past": [
            {"title": "a", "place": HILL},
            {"title": "b", "place": PEAK, "action": "left"},
        ],
    }
    openings = [
        {"id": "1", "title": "f", "place": FERRY},
        {"id": "2", "title": "g", "place": "市/远处"},
    ]
    task = Task(qid="q", seeker=seeker, openings=openings)
    assert place_baskets([task], [[1, 0]]) == [sorted([EAST, WEST, HILL, FERRY])]


@pytest.mark.parametrize("walks", [[], [[]], [[EAST]], [[EAST], [WEST]], [[EAST, WEST]]])
def test_little_known_is_little_told(walks: list[list[str]]) -> None:
    seeker = Seeker(id="s", home=EAST)
    found = scored(PlaceEmbedding().fit(walks), seeker, [WEST, None])
    assert np.isfinite(list(found.values())).all()
    assert found["past_place_similarity"] == [0, 0]


def test_order_of_people_and_size_of_the_block_change_nothing(embedding: PlaceEmbedding) -> None:
    again = PlaceEmbedding(dimensions=2).fit(WALKS[::-1])
    np.testing.assert_allclose(
        embedding.vectors @ embedding.vectors.T, again.vectors @ again.vectors.T, atol=1e-5
    )
    places = [EAST, WEST, FERRY, HILL, PEAK]
    openings = [Opening(id=str(i), title="工", place=place) for i, place in enumerate(places)]
    seekers = [Seeker(id=place, home=place) for place in [*places, "县"]] + [Seeker(id="s")]
    catalogue = Catalogue(openings)
    rows = np.repeat(np.arange(len(seekers)), 2)
    columns = np.tile([1, 3], len(seekers))
    whole = embedding.score(FeatureBlock(seekers, catalogue), rows, columns)
    some = CandidateBlock(seekers, catalogue, rows, columns, SimilarityCache(catalogue))
    np.testing.assert_array_equal(embedding.score(some, rows, columns), whole)
    for i, seeker in enumerate(seekers):
        alone = embedding.score(FeatureBlock([seeker], catalogue), rows[:2] * 0, columns[:2])
        np.testing.assert_array_equal(alone, whole[2 * i : 2 * i + 2])


def ferried(n: int, *, within: bool) -> tuple[list[Task], list[list[int]]]:
    """Tasks of people on two banks of nine places, each with its ferry, p10 and p20.

    They choose their own ferry among far places or, ``within``, a place of their own bank among
    those of the other; nobody ever chose one of these after another before.
    """
    draw = random.Random(int(within))
    tasks, labels = [], []
    for i in range(n):
        ours, theirs = draw.sample([10, 20], 2)
        home, near = (ours + k for k in draw.sample(range(1, 10), 2))
        shown = [ours, theirs, *draw.sample(range(40, 60), 5)]
        if within:
            shown = [near, *(theirs + k for k in draw.sample(range(1, 10), 6))]
        openings = [{"id": str(j), "title": "工", "place": f"p{k}"} for j, k in enumerate(shown)]
        seeker = {"id": f"s{i}", "past": [{"title": "工", "place": f"p{home}"}]}
        tasks.append(Task(qid=f"q{i}", seeker=seeker, openings=openings))
        labels.append([1] + [0] * 6)
    return tasks, labels


@pytest.mark.slow
def test_the_ranker_finds_neighbours_nobody_went_between() -> None:
    ranker = MatchRanker(trees=20).fit(*ferried(60, within=False))
    found = evaluate.measure(evaluate.ranker_scorer(ranker), *ferried(30, within=True))
    assert found["ndcg@10"].mean() > 0.9
