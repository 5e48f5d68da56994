"""A branch's visitors in a workbook: a table and a chart, with a trend if wanted."""
import io

from openpyxl import Workbook
from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.chart.trendline import Trendline


def chart(sheet, weeks, trend=None, trend_name=None):
    result = ScatterChart()
    result.title = sheet.title
    visitors = Reference(sheet, min_col=2, min_row=1, max_row=weeks + 1)
    series = Series(visitors, Reference(sheet, min_col=1, min_row=2, max_row=weeks + 1), title_from_data=True)
    if trend:
        series.trendline = Trendline(name=trend_name, trendlineType=trend)
    result.series.append(series)
    return result


def workbook(branch, visitors, trend=None, trend_name=None):
    book = Workbook()
    sheet = book.active
    sheet.title = branch
    sheet.append(["week", "visitors"])
    for week, count in enumerate(visitors, start=1):
        sheet.append([week, count])
    if visitors:
        sheet.add_chart(chart(sheet, len(visitors), trend, trend_name), "D2")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
