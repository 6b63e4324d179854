"""Every word of the pages in Korean and English, side by side; longer sentences are in sentences.py."""

from collections.abc import Mapping

from weather_assets.daily_elements import DAILY_TEMPERATURES
from weather_assets.elements import ELEMENTS

LANGUAGES: Mapping[str, str] = {"ko": "한국어", "en": "English"}

_WORDS: Mapping[str, tuple[str, str]] = {
    # frame
    "title": ("오늘의 날씨와 믿음", "Weather you can trust"),
    "station": ("관측 지점", "Station"),
    "language": ("언어", "Language"),
    "today": ("오늘", "Today"),
    "forecast": ("예보", "Forecast"),
    "plants": ("식물", "Plants"),
    "map": ("지도", "Map"),
    "trust": ("믿을 수 있나", "Can I trust it"),
    "data": ("자료와 변화", "Data and drift"),
    "operations": ("운영", "Operations"),
    "tomorrow": ("내일", "Tomorrow"),
    "morning": ("아침 07~09시", "morning 07~09"),
    "evening": ("저녁 18~20시", "evening 18~20"),
    "issued": ("발표", "Issued"),
    "observed": ("관측", "Observed"),
    # today
    "commute_question": ("출퇴근길은 어떨까?", "What will my commute feel like?"),
    "comfort": ("쾌적 점수", "Comfort"),
    "good": ("쾌적", "Good"),
    "fair": ("무난", "Fair"),
    "poor": ("불편", "Poor"),
    "bad": ("매우 불편", "Bad"),
    "feels_like": ("체감온도", "Feels like"),
    "now_question": ("지금은?", "What is it like now?"),
    "hours_question": ("앞으로 24시간은?", "What about the next 24 hours?"),
    "scale": ("점수는 어떻게 매기나", "How the score is made"),
    "weights": ("나에게 중요한 것", "What matters to me"),
    "temperature": ("더위·추위", "Heat and cold"),
    "humidity": ("습도", "Humidity"),
    "wind": ("바람", "Wind"),
    "rain": ("비·눈", "Rain and snow"),
    "dust": ("미세먼지", "Dust"),
    "rain_short": ("강수", "Rain"),
    "rain_probability": ("강수 확률", "Chance of rain"),
    "discomfort": ("불쾌지수", "Discomfort index"),
    "low": ("낮음", "low"),
    "moderate_discomfort": ("보통", "moderate"),
    "high": ("높음", "high"),
    "very_high": ("매우 높음", "very high"),
    "heat_advisory": ("폭염주의보 기준", "Heat advisory level"),
    "heat_warning": ("폭염경보 기준", "Heat warning level"),
    "cold_advisory": ("한파주의보 기준", "Cold advisory level"),
    "cold_warning": ("한파경보 기준", "Cold warning level"),
    "pm10": ("미세먼지(PM10)", "PM10 dust"),
    "pm_good": ("좋음", "Good"),
    "pm_moderate": ("보통", "Moderate"),
    "pm_bad": ("나쁨", "Bad"),
    "pm_very_bad": ("매우 나쁨", "Very bad"),
    # forecast
    "two_days_question": ("이틀 동안 어떻게 변할까?", "How will the next two days go?"),
    "three_days_question": ("앞으로 사흘은?", "And the next three days?"),
    "dust_question": ("공기는 어떨까?", "How is the dust?"),
    "rain_question": ("비가 올까?", "Will it rain?"),
    "readings": ("관측값", "Readings"),
    "median": ("예보 중앙값", "Forecast, median"),
    "band_50": ("10번 중 5번", "5 times in 10"),
    "band_80": ("10번 중 8번", "8 times in 10"),
    "yesterday": ("어제의 예보", "Yesterday's forecast"),
    "night": ("밤", "Night"),
    "time": ("시각", "Time"),
    "day": ("날짜", "Day"),
    "min_temperature_c": ("최저기온", "Lowest"),
    "mean_temperature_c": ("평균기온", "Mean"),
    "max_temperature_c": ("최고기온", "Highest"),
    "download_csv": ("표 내려받기 (CSV)", "Table (CSV)"),
    "download_png": ("그림 내려받기 (PNG)", "Picture (PNG)"),
    # plants
    "plants_question": ("물을 줘야 할까?", "Do my plants need water?"),
    "hot_from": ("이 기온부터 알림 (°C)", "Alert from this temperature up (°C)"),
    "dry_up_to": ("이 습도까지 알림 (%)", "Alert from this humidity down (%)"),
    "water_now": ("지금 물을 주세요", "Water them now"),
    "water_soon": ("흙을 만져 보고 주세요", "Check the soil, water if dry"),
    "no_water": ("물을 주지 않아도 됩니다", "No need to water"),
    "all_fine": ("식물에게 좋은 날씨예요", "Fine weather for plants"),
    "care_needed": ("식물이 힘들어할 시간이 있어요", "Hard hours for plants ahead"),
    # map
    "map_question": ("다른 곳은 어떨까?", "How is it elsewhere?"),
    "show": ("보기", "Show"),
    "choose_station": ("점을 누르면 그 지점을 봅니다.", "Select a dot to see that station."),
    # trust
    "trust_question": ("이 예보, 얼마나 맞았나?", "How well has it done?"),
    "target": ("요소", "Element"),
    "error_by_lead": ("앞선 시간에 따른 평균 오차", "Mean error by how far ahead"),
    "error_by_month": ("달마다 이겼나 졌나", "Won or lost, month by month"),
    "ours": ("우리 예보", "Our forecast"),
    "persistence": ("지금 그대로", "Same as now"),
    "climatology": ("평년처럼", "Usual for the date"),
    "lead": ("앞선 시간", "Hours ahead"),
    "month": ("달", "Month"),
    "won": ("이김", "won"),
    "lost": ("짐", "lost"),
    "coverage_question": ("10번 중 8번이라더니?", "Were 8 in 10 really 8 in 10?"),
    "rivals_question": ("새 모델이 더 나은가?", "Is a new model better?"),
    "champion": ("현재 모델", "Champion"),
    "challenger": ("도전 모델", "Challenger"),
    "others_question": ("하루 예보와 비는?", "And the daily forecasts and rain?"),
    "day_ahead": ("며칠 앞", "Days ahead"),
    "decision": ("결정", "Decision"),
    "forecasts_scored": ("비교한 예보", "Forecasts scored"),
    # data
    "quality_question": ("자료는 온전한가?", "Are the readings sound?"),
    "rejected_question": ("어떤 값을 믿지 않았나?", "Which readings were not trusted?"),
    "drift_question": ("날씨가 전과 달라졌나?", "Has the weather drifted?"),
    "faults_question": ("센서가 고장 났나?", "Is a sensor faulty?"),
    "element": ("요소", "Element"),
    "sound": ("정상", "sound"),
    "missing": ("없음", "missing"),
    "flagged": ("의심", "not trusted"),
    "received": ("받은 값", "As received"),
    "why": ("까닭", "Why"),
    "report": ("보고서", "Report"),
    "week": ("주", "Week"),
    # operations
    "fresh_question": ("모두 제때 돌았나?", "Is everything up to date?"),
    "table": ("표", "Table"),
    "newest": ("가장 새 값", "Newest"),
    "last_write": ("마지막 기록", "Last written"),
    "absent": ("아직 없음", "not there yet"),
    "empty": ("비어 있음", "empty"),
    "versions_question": ("어느 모델이 예보했나?", "Which models made the forecast?"),
    "version": ("판", "Version"),
    "role": ("역할", "Role"),
    "runs_question": ("마지막 실행은?", "How did the last runs go?"),
    "run": ("실행", "Run"),
    "status": ("상태", "Status"),
    "began": ("시작", "Began"),
    "open_dagster": ("Dagster 열기", "Open Dagster"),
    "open_mlflow": ("MLflow 열기", "Open MLflow"),
}

_FLAGS: Mapping[str, tuple[str, str]] = {
    "ok": ("정상", "sound"),
    "missing": ("없음", "missing"),
    "range": ("물리 한계 밖", "outside physical limits"),
    "step": ("급변", "jumps too fast"),
    "spike": ("튀는 값", "spike"),
    "streak": ("오래 그대로", "unchanged too long"),
    "inconsistent": ("다른 요소와 모순", "contradicts other elements"),
    "neighbour": ("이웃과 다름", "unlike its neighbours"),
    "provider": ("기상청 표시", "flagged by the provider"),
    "filled": ("채움", "filled"),
}


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._place = list(LANGUAGES).index(language)

    def __call__(self, key: str) -> str:
        """The word of a key; raises KeyError for one that nobody wrote."""
        return _WORDS[key][self._place]

    def pick(self, korean: str, english: str) -> str:
        """The one of the two that belongs to the language."""
        return (korean, english)[self._place]

    def flag(self, flag: str) -> str:
        """A quality flag in words; a flag that is not known as it is."""
        return _FLAGS.get(flag, (flag, flag))[self._place]

    def element(self, name: str) -> str:
        """Label of an element or target; the name itself where it is not known."""
        return _LABELS.get(name, (name, name))[self._place]


_LABELS: Mapping[str, tuple[str, str]] = (
    {element.name: (element.label_ko, element.label_en) for element in ELEMENTS}
    | {element.name: (element.label_ko, element.label_en) for element in DAILY_TEMPERATURES}
    | {"mean_pm10_ugm3": ("미세먼지(PM10)", "PM10 dust")}
)
