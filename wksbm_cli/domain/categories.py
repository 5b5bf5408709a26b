"""The 26 national categories of welfare beneficiaries (PPKS, formerly PMKS), by slug.

Names after the list of the Ministry of Social Affairs. They are sensitive: a report that circulates never
puts one beside a name.
"""

from __future__ import annotations

from wksbm_cli.domain.message import Message, msg

CATEGORIES: dict[str, Message] = {
    "balita-telantar": msg("neglected child under five"),
    "anak-telantar": msg("neglected child"),
    "anak-berhadapan-hukum": msg("child in conflict with the law"),
    "anak-jalanan": msg("street child"),
    "anak-disabilitas": msg("child with a disability"),
    "anak-korban-kekerasan": msg("child victim of violence"),
    "anak-perlindungan-khusus": msg("child needing special protection"),
    "lansia-telantar": msg("neglected elderly person"),
    "disabilitas": msg("person with a disability"),
    "tuna-susila": msg("sex worker"),
    "gelandangan": msg("homeless person"),
    "pengemis": msg("beggar"),
    "pemulung": msg("scavenger"),
    "minoritas": msg("minority group"),
    "bekas-warga-binaan": msg("former prisoner"),
    "odha": msg("person living with HIV"),
    "korban-napza": msg("victim of drug abuse"),
    "korban-perdagangan-orang": msg("victim of trafficking"),
    "korban-kekerasan": msg("victim of violence"),
    "pekerja-migran-bermasalah": msg("migrant worker in social difficulty"),
    "korban-bencana-alam": msg("victim of a natural disaster"),
    "korban-bencana-sosial": msg("victim of a social disaster"),
    "perempuan-rawan": msg("woman at social and economic risk"),
    "fakir-miskin": msg("poor and destitute person"),
    "keluarga-bermasalah": msg("family in social or psychological difficulty"),
    "masyarakat-adat-terpencil": msg("remote indigenous community"),
}
