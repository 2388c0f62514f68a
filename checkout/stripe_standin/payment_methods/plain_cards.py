"""Documented test cards that simply pay: by brand, and by the bank's country.

One a line: token without ``pm_card_``, number, country, and brand and funding
where they are not Visa and credit. Source: https://docs.stripe.com/testing.
"""

BRANDS = """
discover_second        6011000990139424    US discover
discover_debit         6011981111111113    US discover debit
bccard                 6555900000604105    US discover
unionpay_debit         6200000000000047    CN unionpay debit
unionpay_19digit       6205500000000000004 CN unionpay
mastercard_cartesBancaires              5555552500001001 FR mastercard
visa_debit_eftposAuCoBranded            4000050360000001 AU visa debit
mastercard_debit_eftposAuCoBranded      5555050360000080 AU mastercard debit
"""

COUNTRIES = """
ar 4000000320000021 AR
br 4000000760000002 BR
ca 4000001240000000 CA
cl 4000001520000001 CL
co 4000001700000003 CO
cr 4000001880000005 CR
ec 4000002180000000 EC
mx 4000004840008001 MX
pa 4000005910000000 PA
py 4000006000000066 PY
pe 4000006040000068 PE
uy 4000008580000003 UY
ae 4000007840000001 AE
ae_mastercard 5200007840000022 AE mastercard
at 4000000400000008 AT
be 4000000560000004 BE
bg 4000001000000000 BG
by 4000001120000005 BY
hr 4000001910000009 HR
cy 4000001960000008 CY
cz 4000002030000002 CZ
dk 4000002080000001 DK
ee 4000002330000009 EE
fi 4000002460000001 FI
fr 4000002500000003 FR
de 4000002760000016 DE
gi 4000002920000005 GI
gr 4000003000000030 GR
hu 4000003480000005 HU
ie 4000003720000005 IE
it 4000003800000008 IT
lv 4000004280000005 LV
li 4000004380000004 LI
lt 4000004400000000 LT
lu 4000004420000006 LU
mt 4000004700000007 MT
nl 4000005280000002 NL
no 4000005780000007 NO
pl 4000006160000005 PL
pt 4000006200000007 PT
ro 4000006420000001 RO
sa 4000006820000007 SA
si 4000007050000006 SI
sk 4000007030000001 SK
es 4000007240000007 ES
se 4000007520000008 SE
ch 4000007560000009 CH
gb 4000008260000000 GB
gb_debit 4000058260000005 GB visa debit
gb_mastercard 5555558265554449 GB mastercard
au 4000000360000006 AU
cn 4000001560000002 CN
hk 4000003440000004 HK
in 4000003560000008 IN
jp 4000003920000003 JP
jp_jcb 3530111333300000 JP jcb
my 4000004580000002 MY
nz 4000005540000008 NZ
sg 4000007020000003 SG
tw 4000001580000008 TW
th_credit 4000007640000003 TH
th_debit 4000057640000008 TH visa debit
"""


def rows() -> list[tuple[str, str, str, str, str]]:
    """``(number, token, brand, funding, country)`` of each."""
    found = []
    for line in (BRANDS + COUNTRIES).split("\n"):
        token, number, country, *others = line.split() or [""] * 3
        brand, funding = [*others, *["visa", "credit"][len(others) :]]
        if number:
            found.append((number, f"pm_card_{token}", brand, funding, country))
    return found
