from common.templatetags.components import bar_chart


def test_a_figure_stands_over_its_own_bar_beside_last_years():
    months = [{"label": f"{number}月", "value": 60, "before": 90} for number in range(1, 13)]
    for bar in bar_chart(months, "各月接待", width=800)["bars"]:
        assert bar["centre"] == bar["x"] + bar["thick"] // 2
        assert bar["x_before"] + bar["thick"] < bar["x"]


def test_a_figure_of_a_single_bar_stands_in_the_middle():
    for bar in bar_chart([{"label": "1月", "value": 3}], "各月接待")["bars"]:
        assert bar["centre"] == bar["middle"]
