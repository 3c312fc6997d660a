"""Words from which made-up names and places are put together."""

from random import Random

from .identity import Sex

_MEN = (
    "Asep Ujang Dadang Cecep Deden Agus Iwan Yayan Dudung Maman Nandang Tatang Encep Dede Jajang Rahmat Ahmad Muhamad "
    "Andi Rizki Fajar Ilham Hendra Budi Yusuf Ridwan Samsul Wahyu Gilang Aditya Reza Bayu Irfan Dimas Hasan Usep Opik "
    "Engkos Sobari Aceng Oman Rudi Yanto Eman Saepul Taufik Galih Bagas Naufal Rafi"
)
_MEN_LAST = (
    "Suhendar Hidayat Sutisna Permana Kurniawan Saputra Mulyana Supriatna Ramdani Nugraha Firmansyah Setiawan Gunawan "
    "Sopandi Suryana Maulana Wijaya Iskandar Kosasih Sukmana Jaelani Hermawan Rohman Fauzi Pratama Sudrajat Somantri "
    "Wahyudin Rustandi Hamdani"
)
_WOMEN = (
    "Siti Neng Euis Iis Ai Nining Yuyun Imas Cucu Lilis Elis Rina Dewi Sri Nur Tati Iyah Enok Popon Yeni Rani Wulan "
    "Intan Putri Ayu Annisa Nabila Salma Zahra Fitri Mega Lina Ratna Nani Ida Titin Teti Aisyah Kokom Anah Eneng Wiwin "
    "Herni Dini Risma Alya Keisya Tuti Omah Acih"
)
_WOMEN_LAST = (
    "Aminah Rohayati Nurhayati Komalasari Sumiati Maryati Rahmawati Lestari Kurniasih Handayani Wulandari Suryani "
    "Fatimah Halimah Rosmiati Mulyani Yulianti Hasanah Agustina Permatasari Safitri Puspita Jubaedah Khodijah Masitoh "
    "Solihat Kartika Nurjanah Apriliani Sukaesih"
)
_HAMLETS = "Babakan, Pasir Kaliki, Lebak Sari, Sawah Hilir, Tegal Waru, Cikoneng"

FIRST = {Sex.L: tuple(_MEN.split()), Sex.P: tuple(_WOMEN.split())}
LAST = {Sex.L: tuple(_MEN_LAST.split()), Sex.P: tuple(_WOMEN_LAST.split())}
HAMLETS = tuple(_HAMLETS.split(", "))


def person_name(rng: Random, sex: Sex, age: int) -> str:
    """One to three words; the old more often have a single one."""
    words = [rng.choice(FIRST[sex])]
    if rng.random() > (0.35 if age >= 60 else 0.04):
        words.append(rng.choice(LAST[sex]))
        if rng.random() < 0.3:
            words.insert(1, rng.choice(FIRST[sex]))
    return " ".join(dict.fromkeys(words))
