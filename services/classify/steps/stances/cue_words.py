"""The words a stance is read from, by what they do. Data only; `cues.py` finds them, `stance.py` judges.

A phrase ends in `!` when it only tells where diacritics are written ("thay" is also "thấy" without them), and starts with `~` when
it is only for texts without.
"""

from typing import Final


class Cue:
    """What a phrase does in an opinion. Plain numbers: to look up the member of an enum, or to hash it, runs slow code each time."""

    AGREE: Final = 1
    KEEP: Final = 2  # asks that the draft stays as it is
    PARTLY: Final = 3
    PRAISE: Final = 4
    SHOWS: Final = 5  # "thể hiện": praise when said of the draft
    QUALITY: Final = 6  # praise only after "rất", "đã"; criticism where it is denied
    OPPOSE: Final = 7  # explicit disagreement without a negation word
    CRITICISM: Final = 8
    DELETE: Final = 9
    CUT: Final = 10  # "bỏ": a deletion only of something that a draft has
    SUPPLEMENT: Final = 11
    MORE: Final = 12  # "thêm": an addition only where something is asked for
    AMEND: Final = 13
    WISH: Final = 14
    ASSERT: Final = 15  # "khẳng định": a wish where a sentence starts with it, praise elsewhere
    REQUEST: Final = 16
    MODAL: Final = 17
    CONTRAST: Final = 18
    QUESTION: Final = 19
    WHY: Final = 20  # a question where the opinion starts with it
    SUBJECT: Final = 21  # the draft or a part of it
    NOT: Final = 22
    LACK: Final = 23  # turns praise into criticism: "thiếu khả thi"
    NOTHING: Final = 24  # looks like a cue and is none
    SEEMING: Final = 25  # praise behind it is not the writer's: "nghe thì hay"
    SUPPOSED: Final = 26  # nor is it here, where it is taken back: "nếu nói dự thảo khoa học thì tôi không dám"
    WOULD: Final = 27  # praise behind it is what the draft should earn: "giá như dự thảo ngắn gọn"


class Act:
    """What an opinion does, in the sight of the draft. Plain numbers, as those of `Cue`."""

    AGREES: Final = 1
    OPPOSES: Final = 2
    PARTLY: Final = 3
    PRAISES: Final = 4
    CRITICISES: Final = 5
    LAMENTS: Final = 6  # something is amiss, not said of the draft
    DELETES: Final = 7
    SUPPLEMENTS: Final = 8
    AMENDS: Final = 9
    WISHES: Final = 10
    ASKS: Final = 11  # "đề nghị", "cần", "nên", "phải"
    TURNS: Final = 12  # "nhưng"
    QUESTIONS: Final = 13
    TOLD: Final = 14  # the request is one of others: "có ý kiến đề nghị"


Acts = list[tuple[int, int]]  # an act, and the number of its word


WORDING: Final = {
    Cue.DELETE: Act.DELETES,
    Cue.CUT: Act.DELETES,
    Cue.SUPPLEMENT: Act.SUPPLEMENTS,
    Cue.AMEND: Act.AMENDS,
}
DENIABLE: Final = frozenset(
    (
        Cue.AGREE, Cue.KEEP, Cue.PRAISE, Cue.QUALITY, Cue.SHOWS, Cue.OPPOSE, Cue.CRITICISM, Cue.DELETE, Cue.CUT, Cue.SUPPLEMENT,
        Cue.AMEND, Cue.WISH, Cue.ASSERT, Cue.MODAL, Cue.REQUEST, Cue.LACK,
    )
)  # fmt: skip
FAULTS: Final = frozenset((Cue.NOT, Cue.LACK, Cue.CRITICISM))
PRAISING: Final = frozenset((Cue.PRAISE, Cue.QUALITY, Cue.SHOWS))


PHRASES: Final[dict[int, str]] = {
    Cue.AGREE: (
        "nhất trí, đồng ý, đồng tình, tán thành, tán đồng, ủng hộ, thống nhất cao, thống nhất hoàn toàn, tôi thống "
        "nhất, "
        "chúng tôi thống nhất, xin thống nhất, thống nhất với, cơ bản thống nhất, hoàn toàn thống nhất, thống nhất "
        "nội dung, "
        "tâm đắc, đánh giá cao, hoan nghênh, phấn khởi, tin tưởng, đồng thuận, nhất trí cao, nhất chí, đồng í"
    ),
    Cue.KEEP: "giữ nguyên, giữ như dự thảo, để nguyên",
    Cue.PARTLY: (
        "đồng ý một phần, nhất trí một phần, tán thành một phần, đồng tình một phần, ủng hộ một phần, chỉ đồng ý, "
        "chỉ nhất trí, "
        "chỉ tán thành, một phần đồng ý, một phần nhất trí, đồng ý phần nào, nhất trí phần nào, phần nào đồng ý, "
        "phần nào nhất trí, "
        "phần nào đồng tình, đồng ý một nửa, đồng ý có điều kiện, nhất trí có điều kiện, nửa đồng ý, đồng ý 1 phần, "
        "nhất trí 1 phần, "
        "tán thành 1 phần, chưa nhất trí hoàn toàn, chưa đồng ý hoàn toàn, không đồng ý hoàn toàn, không nhất trí "
        "hoàn toàn, "
        "còn băn khoăn một phần, đồng ý nếu, nhất trí nếu, tán thành nếu, ủng hộ nếu, đồng tình nếu, nhất trí với điều kiện có, "
        "nhất trí với điều kiện là, nhất trí với điều kiện phải, đồng ý với điều kiện có, đồng ý với điều kiện là, "
        "đồng ý với điều kiện phải, "
        "tán thành với điều kiện có, tán thành với điều kiện là, ủng hộ với điều kiện là, ủng hộ với điều kiện có"
    ),
    Cue.PRAISE: (
        "công phu, chặt chẽ, toàn diện, sâu sắc, đúng!, đúng đắn, rất đúng, là đúng, đánh giá đúng, hợp lý, phù hợp, "
        "khoa học, khách "
        "quan, phản ánh đúng, phản ánh khách quan, phản ánh đầy đủ, phản ánh trung thực, phản ánh sát, phản ánh toàn "
        "diện, phản ánh "
        "được, phản ánh rõ, phản ánh tương đối, bao quát, bao trùm, ngắn gọn, súc tích, dễ hiểu, rõ ràng, đầy đủ, "
        "nghiêm túc, cầu thị, đổi mới "
        "về, điểm mới, điểm tốt, khái quát, kết tinh, nhìn thẳng, sáng tạo, tiến bộ, bài bản, logic, rất hay, hay "
        "rồi, rất tốt, kế "
        "thừa, điểm đặc biệt, lần đầu, cô đọng, thiết thực, sát thực, sát thực tế, sát thực tiễn, hợp lòng dân, "
        "hài lòng, xứng đáng, tâm huyết, thấu đáo, tuyệt vời, xuất sắc, rất sát, có tầm nhìn, có tầm, "
        "không có gì để chê, không chê vào đâu, đủ ý, đáng ghi nhận, đáng khích lệ, đáng trân trọng"
    ),
    Cue.SHOWS: "thể hiện, phản ánh",
    Cue.QUALITY: (
        "khả thi, thuyết phục, kịp thời, chính xác, thực tế!, thực chất, thỏa đáng, thoả đáng, hiệu quả, cân đối, "
        "mạch lạc, nhất "
        "quán, đồng bộ, chi tiết, đạt yêu cầu, tốt, hay, rõ nét, nghiêm!, đều!, sâu!, kỹ!, sát!, vững chắc, gọn, "
        "rõ!, cụ thể, tương xứng, công bằng, minh bạch"
    ),
    Cue.OPPOSE: (
        "phản đối, bác bỏ, bất đồng, không thể chấp nhận, không chấp nhận được, không chấp nhận, khó chấp nhận, "
        "chống lại chủ trương, "
        "không nghe được, sao đồng ý được, đồng ý sao được, đồng ý thế nào được, phản bác dự thảo, không được ủng "
        "hộ, kịch liệt phản đối"
    ),
    Cue.CRITICISM: (
        "băn khoăn, nói quá, phóng đại, thổi phồng, lấy làm tiếc, chưa yên tâm, không yên tâm, khó chấp nhận, "
        "bất hợp lý, vô lý, quá cao, quá thấp, quá dài, quá ngắn, quá nhiều, quá ít, quá nặng, quá chậm, quá sơ sài, "
        "quá chung, cao quá, thấp quá, "
        "dài quá, là hình thức, còn hình thức, mang tính hình thức, nặng hình thức, nặng về hình thức, rất hình "
        "thức, bệnh hình "
        "thức, chạy theo hình thức, hình thức chủ nghĩa, chạy theo thành tích, bệnh thành tích, tô hồng, chưa chỉ "
        "ra, nhức nhối, "
        "chưa được quan tâm, khuyết điểm lớn, viển vông, xa vời, xa rời, mơ hồ, chung chung, sáo rỗng, sơ sài, qua "
        "loa, lan man, "
        "dài dòng, trùng lặp, chồng chéo, dàn trải, mâu thuẫn, sai lệch, sai sự thật, sai thực tế, không đúng, chưa "
        "đúng, là sai, bị sai, còn sai, viết sai, rập khuôn, rất máy móc, còn máy móc, cách máy móc, đối phó, khó "
        "hiểu, khó đọc, khó nhớ, khó thực "
        "hiện, khó khả thi, rườm rà, lủng củng, tùy tiện, tuỳ tiện, cẩu thả, phiến diện, một chiều, né tránh vấn đề, "
        "áp đặt, không "
        "công bằng, bất công, thất vọng, đáng tiếc, tiếc là, đáng lo, lo ngại, bức xúc, còn nhiều bất cập, còn bất "
        "cập, nhiều bất "
        "cập, còn yếu, yếu quá, còn kém, rất kém, kém quá, quá kém, còn hạn chế, còn chậm, còn thiếu, còn xa, còn "
        "lâu mới, nói suông, suông!, vô nghĩa, vô "
        "ích, thừa!, dư thừa, lỗi thời, lạc hậu so với, không có gì mới, không thấy, không rõ, không nói, không đề "
        "cập, không giải "
        "quyết được, không đạt, không đủ, không tốt, không ổn, không sát, không hay, không cần thiết, không "
        "có cơ sở, không có căn cứ, thiếu căn cứ, thiếu cơ sở, không sát, xa thực tế, xa dân, quan liêu, gây khó, "
        "gây phiền, gây bức xúc, tốn kém, thiệt thòi, không ăn thua, "
        "bất khả thi, phi thực tế, phi lý, kém thuyết phục, khiên cưỡng, gượng ép, sao chép, cóp nhặt, nhàm chán, "
        "tệ!, quá tệ, rất tệ, dở!, quá dở, ảo!"
        ", không ai làm, chỉ nói mà, chỉ hô hào, hô hào, khẩu hiệu suông, nói cho có, làm cho có, cho có lệ, đánh "
        "trống bỏ dùi, trên giấy, không nhắc, chưa nhắc, không nêu, không đả động, chưa đả động, không tìm thấy, "
        "không cần thiết phải, chưa cần thiết phải, không nhất thiết phải, "
        "không tin!, chưa tin!, khó tin!, nghi ngờ, chẳng khác gì, không khác gì, chưa thấy giải pháp, chưa thấy nêu, "
        "chưa thấy nói, chưa thấy nhắc, chưa thấy nội dung, chưa thấy chỉ tiêu, rất tiếc, khó làm!, khó triển khai, khó áp dụng"
    ),
    Cue.DELETE: (
        "ra khỏi dự thảo, khỏi dự thảo, "
        "lược bỏ, xóa bỏ cụm, xoá bỏ cụm, xóa cụm từ, xoá cụm từ, xóa đoạn, xoá đoạn, xóa câu, xoá câu, xóa chữ, xoá "
        "chữ, xóa từ, "
        "xoá từ, xóa phần, xoá phần, xóa mục, xoá mục, xóa khỏi, xoá khỏi, xóa nội dung, xoá nội dung, xóa dòng, xoá "
        "dòng, xóa điều, "
        "xóa khoản, gạch bỏ, cắt bỏ, loại bỏ khỏi, bỏ khỏi dự thảo, không đưa vào dự thảo, không đưa nội dung, không "
        "nên đưa, "
        "đưa ra khỏi dự thảo, rút khỏi dự thảo, loại khỏi dự thảo, bỏ hẳn, bỏ bớt, bỏ đi, bãi bỏ, không đưa vào, "
        "lược bớt, cắt bớt đoạn, bỏ luôn"
    ),
    Cue.CUT: "bỏ!, lược!, cắt!, ~bo",
    Cue.SUPPLEMENT: (
        "bổ sung, cần có, đưa vào, ghi thêm, nêu thêm, viết thêm, thêm vào, thêm cụm từ, thêm nội dung, thêm mục, "
        "thêm chỉ tiêu, thêm từ"
    ),
    Cue.MORE: "thêm",
    Cue.AMEND: (
        "đề nghị thay đổi, cần thay đổi, nên thay đổi, phải thay đổi, "
        "sửa!, sửa lại, sửa thành, sửa câu, sửa từ, sửa cụm, sửa mục, sửa điều, sửa khoản, sửa đổi, chỉnh sửa, "
        "thay!, thay cụm từ, thay từ, thay thế, thay "
        "bằng, thay cho, điều chỉnh, chỉnh lý, chỉnh lại, viết lại, làm rõ, nêu rõ, nói rõ, chỉ rõ, ghi rõ, xác định "
        "rõ, quy định "
        "rõ, cụ thể hơn, cụ thể hóa cụ thể, rõ hơn, nhấn mạnh, làm đậm, đậm nét, làm nổi bật, cân nhắc, xem xét lại, "
        "xem lại, tính "
        "lại, tính toán lại, nghiên cứu lại, rà soát, diễn đạt, thống nhất cách, rút gọn, rút ngắn, gọn lại, ngắn "
        "gọn hơn, gọn hơn, nên đổi, đổi tên, đổi thành, "
        "chuyển sang, chuyển thành, chuyển xuống, chuyển lên, chuyển đoạn, chuyển phần, chuyển mục, chuyển câu, "
        "chuyển nội dung, hạ "
        "xuống, nâng lên, tăng lên, giảm xuống, phân tích thẳng thắn, phân tích sâu, phân tích kỹ, đánh giá sâu, "
        "đánh giá lại, đánh giá kỹ, hài hòa, hài "
        "hoà, khắc họa, khắc hoạ, đề nghị lấy, dùng cụm từ, dùng từ, làm sâu sắc, gộp!, tách riêng, gộp lại, sắp xếp "
        "lại, kết cấu lại, bố cục lại, tách mục, tách phần, tách nội dung, tách thành, cập nhật số liệu, cập nhật lại, đề nghị cập nhật, "
        "viết thống nhất, viết cho thống nhất, ghi thống nhất"
    ),
    Cue.WISH: (
        "tăng cường, đẩy mạnh, quan tâm, có giải pháp, phát huy, nâng cao, đầu tư, hỗ trợ, ưu tiên, sớm!, muốn!, chú "
        "trọng, xây dựng thêm, mở rộng, coi, cụ thể hóa, cụ thể hoá, xây dựng, sớm có, có chính sách, có cơ chế, "
        "giải quyết, khắc phục, hoàn thiện"
    ),
    Cue.ASSERT: "khẳng định, xác định, nhận rõ",
    Cue.REQUEST: (
        "đề nghị, kiến nghị, đề xuất, mong!, hy vọng, hi vọng, mong muốn, mong sao, mong các, mong tỉnh, mong ban, "
        "mong nhà nước, xin, yêu cầu làm rõ, yêu cầu tỉnh, yêu cầu các, yêu cầu phải, yêu cầu bổ sung, yêu cầu sửa, "
        "tôi yêu cầu, xem xét, gợi ý, đề nghi, không thể quên"
    ),
    Cue.MODAL: "cần!, cần phải, ~can, nên!, ~nen, phải!, ~phai",
    Cue.CONTRAST: (
        "nhưng, nhưng mà, tuy nhiên, song, tuy vậy, thế nhưng, có điều, chỉ có điều, chỉ tiếc, tiếc rằng, ngặt nỗi, "
        "mỗi tội, trừ!, ngoại trừ"
    ),
    Cue.QUESTION: (
        "liệu có, liệu rằng, liệu đã, có nên bỏ, có nên giữ, có nên sửa, có nên đưa, có nên để, có nên thay, "
        "xin hỏi, cho hỏi, cho tôi hỏi, cho em hỏi, tôi hỏi, tôi muốn hỏi, muốn hỏi, đề nghị giải thích, đề nghị cho "
        "biết, xin cho biết, "
        "xin giải thích, phải chăng, không hiểu vì sao, không hiểu tại sao, không hiểu sao, chẳng hiểu sao, "
        "chẳng hiểu vì sao, không biết vì sao, không biết bao giờ, "
        "không biết khi nào, "
        "tôi thắc mắc, em thắc mắc, xin thắc mắc, thắc mắc là, thắc mắc vì sao, thắc mắc tại sao, băn khoăn vì sao, "
        "băn khoăn không biết, băn khoăn liệu, hay không ạ, được không ạ, đúng không ạ, phải không ạ"
    ),
    Cue.WHY: (
        "vì sao, tại sao, bao giờ, căn cứ vào đâu, căn cứ nào, làm sao, thế nào là, tiền đâu, ở đâu ra, sao "
        "lại, tại làm sao, lấy đâu, "
        "ai chịu trách nhiệm, ai là người, cơ sở nào"
    ),
    Cue.SUBJECT: (
        "dự thảo, văn kiện, báo cáo, nội dung, chỉ tiêu, mục tiêu, bố cục, kết cấu, văn phong, số liệu, giải pháp, "
        "nhiệm vụ, nhận định, "
        "phần đánh giá, mục này, điều này, khoản này, quy định này, nghị quyết, phương hướng, chương trình, kế "
        "hoạch, lộ trình, chủ đề"
    ),
    Cue.NOT: (
        "không, chưa, chẳng, chả!, đừng!, chớ!, ko, khong, hông, khó mà, khó có thể, không phải, kg, khg, hok, ~k, "
        "đâu có, chưa phải"
    ),
    Cue.LACK: "thiếu, kém, ít, mất!, không còn, khó!, thiếu tính, thiếu sự, tính chưa, kém phần",
    Cue.SEEMING: (
        "tưởng là, tưởng rằng, tưởng đâu, cứ tưởng, những tưởng, tưởng dự thảo, tưởng báo cáo, ngỡ là, ngỡ rằng, ngỡ dự thảo, nghe thì, "
        "nghe qua thì, nghe có vẻ, thoạt nghe, thoạt đọc, thoạt nhìn, thoạt xem, mới nghe thì, mới đọc thì, nói thì!, khen thì, "
        "tiếng là!, mang tiếng là, ra vẻ, làm gì có, đâu phải!, được mỗi cái, được cái tiếng"
    ),
    Cue.SUPPOSED: (
        "nếu nói, nếu bảo, nếu gọi, nếu cho rằng, nếu coi, nói dự thảo, bảo dự thảo, nói báo cáo, bảo báo cáo, nói rằng dự thảo, "
        "bảo rằng dự thảo, mà gọi là, mà bảo là, mà nói là"
    ),
    Cue.WOULD: "giá như, giá mà, ước gì, giá dự thảo, giá báo cáo",
    Cue.NOTHING: (
        "thay mặt, thay vì, thay đổi, chuyển đổi, bỏ phiếu, bỏ qua, bỏ học, bỏ sót, bỏ lỡ, bỏ quên, bỏ công, bỏ "
        "trống, bỏ ra, bỏ hoang, bỏ tiền, bỏ vốn, "
        "bỏ việc, bỏ nghề, bỏ ngỏ, bỏ lại, bỏ ngoài, từ bỏ, bỏ bê, không chỉ, không những, không ngừng, không gian, "
        "không khí, "
        "không ít, không thể thiếu, không thể tách rời, không thể phủ nhận, không có ý kiến, chưa có ý kiến, chưa "
        "từng có, bộ phận, "
        "xóa đói, xoá đói, xóa bỏ hủ tục, xoá bỏ hủ tục, nhiệm vụ trọng tâm, khoa học công nghệ, khoa học và công "
        "nghệ, khoa học kỹ thuật, phải không, kiến nghị của, "
        "đề nghị của, đề xuất của, yêu cầu của, những đề xuất, các đề xuất, các kiến nghị, những kiến nghị, với đề "
        "xuất, với kiến nghị, với đề nghị, "
        "đáp ứng yêu cầu, xin gửi, xin chào, xin phép, xin trình bày, xin góp ý, xin tham gia, xin được góp ý, xin "
        "được tham gia, xin đóng góp, xin nêu, xin được nêu, xin có, "
        "xin cảm ơn, xin cám ơn, xin chân thành, bên phải, lẽ phải, trở nên, gây nên, tạo nên, làm nên, nên người, "
        "nên kinh, cho nên, vì thế nên, "
        "không thay đổi, thừa nhận, thừa kế, thừa thiên, dư thừa lao động, thể hiện qua, "
        "phải nói là, phải nói rằng, phải thừa nhận, phải công nhận, phải khen, đồng bộ hóa, chi tiết hóa, "
        "thực chất là, "
        "~nen kinh te, ~nen tang, ~nen van hoa, ~nen hanh chinh, ~nen giao duc, ~nen nong nghiep, ~can doi, "
        "~can thiet, ~phai doan, ~phai nam, ~phai nu, ~dung dau, ~thong nhat dat nuoc, ~song suoi, ~song hong, ~cong "
        "nhan, cái gì cũng, "
        "chúc, dự án, ~tai cho, ~can ho, ~can tho, ~phan anh nguoi"
    ),
}
