package io.ringtap.manual;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/** Markdown, as in the project's documents, written into a manual page. */
final class Markdown extends AbstractVisitor {
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    /** Wider columns are filled, narrower ones are as wide as their content. */
    private static final int NARROW = 20;

    private final Roff page;
    private final Path folder;
    private final StringBuilder inline = new StringBuilder();

    private Markdown(Roff page, Path folder) {
        this.page = page;
        this.folder = folder;
    }

    /** The blocks of a document. */
    static List<Node> blocks(String markdown) {
        return children(PARSER.parse(markdown)).toList();
    }

    static Stream<Node> children(Node parent) {
        return Stream.iterate(parent.getFirstChild(), node -> node != null, Node::getNext);
    }

    /** Writes blocks of a document that is installed in a folder. Headings of level 1 are sections, others their parts. */
    static void write(List<Node> blocks, Path folder, Roff page) {
        Markdown writer = new Markdown(page, folder);
        blocks.forEach(block -> block.accept(writer));
    }

    /** A text of one paragraph, escaped, such as an option's description. */
    static String inline(String markdown) {
        Markdown writer = new Markdown(new Roff(), Path.of(""));
        blocks(markdown).forEach(writer::visitChildren);
        return writer.taken();
    }

    /** The words of a node, as they are. */
    static String plain(Node node) {
        return switch (node) {
            case Text text -> text.getLiteral();
            case Code code -> code.getLiteral();
            case SoftLineBreak _ -> " ";
            default -> String.join("", children(node).map(Markdown::plain).toList());
        };
    }

    private String taken() {
        String taken = inline.toString();
        inline.setLength(0);
        return taken;
    }

    private String inlineOf(Node node) {
        visitChildren(node);
        return taken();
    }

    @Override
    public void visit(Heading heading) {
        String text = plain(heading);
        switch (heading.getLevel()) {
            case 1 -> page.section(text);
            default -> page.request("SS", Roff.text(text));
        }
    }

    @Override
    public void visit(Paragraph paragraph) {
        boolean opensItem = paragraph.getParent() instanceof ListItem && paragraph.getPrevious() == null;
        if (!opensItem) {
            page.paragraph();
        }
        page.lines(inlineOf(paragraph));
    }

    @Override
    public void visit(BulletList list) {
        children(list).forEach(item -> item(item, "\\(bu", "2"));
    }

    @Override
    public void visit(OrderedList list) {
        int[] number = {list.getMarkerStartNumber()};
        children(list).forEach(item -> item(item, number[0]++ + ".", "3"));
    }

    private void item(Node item, String mark, String indent) {
        page.request("IP", mark, indent);
        children(item).forEach(block -> {
            boolean nested = !(block instanceof Paragraph);
            if (nested) {
                page.request("RS", indent);
            }
            block.accept(this);
            if (nested) {
                page.request("RE");
            }
        });
    }

    @Override
    public void visit(FencedCodeBlock block) {
        example(block.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock block) {
        example(block.getLiteral());
    }

    private void example(String code) {
        page.paragraph().request("RS", "4").request("EX");
        page.lines(Roff.text(code)).request("EE").request("RE");
    }

    @Override
    public void visit(CustomBlock block) {
        if (!(block instanceof TableBlock)) {
            throw new IllegalArgumentException("no way to write " + block);
        }
        List<List<Node>> rows = children(block)
                .flatMap(Markdown::children)
                .map(row -> children(row).toList())
                .toList();
        if (rows.getFirst().size() == 2) {
            rows.stream()
                    .skip(1) // its heads say what is seen
                    .forEach(row -> page.tagged(inlineOf(row.get(0)), inlineOf(row.get(1))));
        } else {
            table(rows);
        }
    }

    private void table(List<List<Node>> rows) {
        List<Boolean> narrow = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().size(); column++) {
            int at = column;
            narrow.add(rows.stream().allMatch(row -> plain(row.get(at)).length() <= NARROW));
        }
        String columns =
                String.join(" ", narrow.stream().map(n -> n ? "l" : "lx").toList());
        page.paragraph().request("TS").lines("tab(\t);").lines(columns.replace("l", "lB"));
        page.lines(columns + ".");
        for (List<Node> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int column = 0; column < row.size(); column++) {
                String cell = inlineOf(row.get(column));
                cells.add(narrow.get(column) ? cell : "T{\n" + cell + "\nT}");
            }
            page.lines(String.join("\t", cells));
        }
        page.request("TE");
    }

    @Override
    public void visit(Text text) {
        inline.append(Roff.text(text.getLiteral()));
    }

    @Override
    public void visit(Code code) {
        inline.append(Roff.bold(Roff.text(code.getLiteral())));
    }

    @Override
    public void visit(StrongEmphasis strong) {
        inline.append("\\fB");
        visitChildren(strong);
        inline.append("\\fR");
    }

    @Override
    public void visit(Emphasis emphasis) {
        inline.append("\\fI");
        visitChildren(emphasis);
        inline.append("\\fR");
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
        inline.append('\n');
    }

    @Override
    public void visit(HardLineBreak lineBreak) {
        inline.append("\n.br\n");
    }

    @Override
    public void visit(HtmlInline html) {
        inline.append(Roff.text(html.getLiteral()));
    }

    @Override
    public void visit(Image image) {
        throw new IllegalArgumentException("a manual page has no images: " + image.getDestination());
    }

    /** Where it leads to stands behind the text, unless that is on the same page. */
    @Override
    public void visit(Link link) {
        visitChildren(link);
        String target = link.getDestination().replaceFirst("#.*", "");
        if (!target.isEmpty()) {
            String whole = target.contains("://")
                    ? target
                    : folder.resolve(target).normalize().toString();
            inline.append(Roff.text(" (" + whole + ")"));
        }
    }
}
