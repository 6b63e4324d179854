"""Catalogue of the ASOS stations: facts only. A station that is not listed is accepted, without a name or place."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Station:
    """Identity and place of one station (WGS 84 degrees, metres above mean sea level, as of 2022)."""

    station_id: int
    name_ko: str
    name_en: str
    latitude_deg: float | None
    longitude_deg: float | None
    elevation_m: float | None


_LISTED = (
    Station(90, "속초", "Sokcho", 38.2509, 128.5647, 18.06),
    Station(93, "북춘천", "Bukchuncheon", 37.9474, 127.7544, 95.78),
    Station(95, "철원", "Cheorwon", 38.1479, 127.3042, 155.48),
    Station(98, "동두천", "Dongducheon", 37.9019, 127.0607, 115.62),
    Station(99, "파주", "Paju", 37.8859, 126.7665, 30.59),
    Station(100, "대관령", "Daegwallyeong", 37.6771, 128.7183, 772.43),
    Station(101, "춘천", "Chuncheon", 37.9026, 127.7357, 75.82),
    Station(102, "백령도", "Baengnyeongdo", 37.974, 124.7124, 36.0),
    Station(104, "북강릉", "Bukgangneung", 37.8046, 128.8554, 75.24),
    Station(105, "강릉", "Gangneung", 37.7515, 128.891, 27.12),
    Station(106, "동해", "Donghae", 37.5071, 129.1243, 40.46),
    Station(108, "서울", "Seoul", 37.5714, 126.9658, 85.8),
    Station(112, "인천", "Incheon", 37.4777, 126.6249, 68.99),
    Station(114, "원주", "Wonju", 37.3375, 127.9466, 150.11),
    Station(115, "울릉도", "Ulleungdo", 37.48, 130.9, 220.9),
    Station(119, "수원", "Suwon", 37.2575, 126.983, 39.81),
    Station(121, "영월", "Yeongwol", 37.1813, 128.4574, 240.6),
    Station(127, "충주", "Chungju", 36.9705, 127.9525, 114.85),
    Station(129, "서산", "Seosan", 36.7766, 126.4939, 25.25),
    Station(130, "울진", "Uljin", 36.9918, 129.4128, 48.98),
    Station(131, "청주", "Cheongju", 36.6392, 127.4407, 58.7),
    Station(133, "대전", "Daejeon", 36.372, 127.3721, 70.22),
    Station(135, "추풍령", "Chupungnyeong", 36.2202, 127.9946, 244.73),
    Station(136, "안동", "Andong", 36.5729, 128.7073, 141.26),
    Station(137, "상주", "Sangju", 36.4084, 128.1574, 96.58),
    Station(138, "포항", "Pohang", 36.032, 129.38, 3.94),
    Station(140, "군산", "Gunsan", 36.0053, 126.7614, 23.2),
    Station(143, "대구", "Daegu", 35.878, 128.653, 54.27),
    Station(146, "전주", "Jeonju", 35.8409, 127.1172, 60.44),
    Station(152, "울산", "Ulsan", 35.5824, 129.3347, 81.14),
    Station(155, "창원", "Changwon", 35.1702, 128.5728, 34.97),
    Station(156, "광주", "Gwangju", 35.1729, 126.8916, 72.38),
    Station(159, "부산", "Busan", 35.1047, 129.032, 69.56),
    Station(162, "통영", "Tongyeong", 34.8454, 128.4356, 31.24),
    Station(165, "목포", "Mokpo", 34.8173, 126.3815, 44.7),
    Station(168, "여수", "Yeosu", 34.7393, 127.7406, 65.93),
    Station(169, "흑산도", "Heuksando", 34.6872, 125.451, 76.49),
    Station(170, "완도", "Wando", 34.3959, 126.7018, 35.37),
    Station(172, "고창", "Gochang", 35.3482, 126.599, 52.42),
    Station(174, "순천", "Suncheon", 35.0204, 127.3694, 165.0),
    Station(177, "홍성", "Hongseong", 36.6576, 126.6877, 27.74),
    Station(184, "제주", "Jeju", 33.5141, 126.5297, 20.79),
    Station(185, "고산", "Gosan", 33.2938, 126.1628, 74.29),
    Station(188, "성산", "Seongsan", 33.3868, 126.8802, 20.34),
    Station(189, "서귀포", "Seogwipo", 33.2462, 126.5653, 51.86),
    Station(192, "진주", "Jinju", 35.1638, 128.04, 30.21),
    Station(201, "강화", "Ganghwa", 37.7074, 126.4463, 47.01),
    Station(202, "양평", "Yangpyeong", 37.4886, 127.4945, 47.26),
    Station(203, "이천", "Icheon", 37.264, 127.4842, 80.09),
    Station(211, "인제", "Inje", 38.0599, 128.1671, 201.78),
    Station(212, "홍천", "Hongcheon", 37.6836, 127.8804, 140.2),
    Station(216, "태백", "Taebaek", 37.1704, 128.9893, 714.45),
    Station(217, "정선군", "Jeongseon-gun", 37.3815, 128.6459, 307.58),
    Station(221, "제천", "Jecheon", 37.1593, 128.1943, 264.62),
    Station(226, "보은", "Boeun", 36.4876, 127.7342, 171.31),
    Station(232, "천안", "Cheonan", 36.7624, 127.2927, 81.5),
    Station(235, "보령", "Boryeong", 36.3272, 126.5574, 9.98),
    Station(236, "부여", "Buyeo", 36.2724, 126.9208, 13.42),
    Station(238, "금산", "Geumsan", 36.1056, 127.4818, 172.69),
    Station(239, "세종", "Sejong", 36.4852, 127.2444, 89.5),
    Station(243, "부안", "Buan", 35.7296, 126.7166, 12.2),
    Station(244, "임실", "Imsil", 35.612, 127.2856, 247.04),
    Station(245, "정읍", "Jeongeup", 35.5634, 126.839, 68.7),
    Station(247, "남원", "Namwon", 35.4213, 127.3965, 133.49),
    Station(248, "장수", "Jangsu", 35.657, 127.5203, 406.87),
    Station(251, "고창군", "Gochang-gun", 35.4266, 126.697, 58.84),
    Station(252, "영광군", "Yeonggwang-gun", 35.2837, 126.4778, 37.2),
    Station(253, "김해시", "Gimhae-si", 35.2298, 128.8908, 54.59),
    Station(254, "순창군", "Sunchang-gun", 35.3713, 127.1286, 129.38),
    Station(255, "북창원", "Bukchangwon", 35.2266, 128.6726, 50.95),
    Station(257, "양산시", "Yangsan-si", 35.3074, 129.0201, 6.29),
    Station(258, "보성군", "Boseong-gun", 34.7634, 127.2123, 1.41),
    Station(259, "강진군", "Gangjin-gun", 34.6446, 126.7841, 16.0),
    Station(260, "장흥", "Jangheung", 34.6889, 126.9195, 43.99),
    Station(261, "해남", "Haenam", 34.5538, 126.5691, 16.36),
    Station(262, "고흥", "Goheung", 34.6183, 127.2757, 51.91),
    Station(263, "의령군", "Uiryeong-gun", 35.3226, 128.2881, 14.1),
    Station(264, "함양군", "Hamyang-gun", 35.5114, 127.7454, 152.07),
    Station(266, "광양시", "Gwangyang-si", 34.9434, 127.6914, 88.21),
    Station(268, "진도군", "Jindo-gun", 34.473, 126.2585, 9.82),
    Station(271, "봉화", "Bonghwa", 36.9436, 128.9145, 324.67),
    Station(272, "영주", "Yeongju", 36.8718, 128.5169, 211.32),
    Station(273, "문경", "Mungyeong", 36.6273, 128.1488, 173.01),
    Station(276, "청송군", "Cheongsong-gun", 36.4351, 129.0401, 208.65),
    Station(277, "영덕", "Yeongdeok", 36.5334, 129.4093, 40.71),
    Station(278, "의성", "Uiseong", 36.3561, 128.6886, 81.44),
    Station(279, "구미", "Gumi", 36.1306, 128.3206, 49.17),
    Station(281, "영천", "Yeongcheon", 35.9774, 128.9514, 96.12),
    Station(283, "경주시", "Gyeongju-si", 35.8174, 129.2009, 40.13),
    Station(284, "거창", "Geochang", 35.6674, 127.9099, 228.45),
    Station(285, "합천", "Hapcheon", 35.5651, 128.1699, 26.72),
    Station(288, "밀양", "Miryang", 35.4915, 128.7441, 8.31),
    Station(289, "산청", "Sancheong", 35.413, 127.8791, 138.22),
    Station(294, "거제", "Geoje", 34.8882, 128.6046, 44.83),
    Station(295, "남해", "Namhae", 34.8166, 127.9264, 45.71),
)

STATIONS: Mapping[int, Station] = MappingProxyType({station.station_id: station for station in _LISTED})


def station(station_id: int) -> Station:
    """The station of an id; for an id that the catalogue does not know, a nameless one."""
    return STATIONS.get(station_id) or Station(station_id, str(station_id), str(station_id), None, None, None)
