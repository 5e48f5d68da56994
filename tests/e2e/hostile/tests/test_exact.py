from shelf.exact import same


def test_a_sign_makes_a_difference():
    assert not same([0.0], [-0.0])
    assert not same([1], [True])
    assert same({"a": [float("nan")]}, {"a": [float("nan")]})
