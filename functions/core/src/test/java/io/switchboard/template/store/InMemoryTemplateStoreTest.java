package io.switchboard.template.store;

final class InMemoryTemplateStoreTest extends TemplateStoreContract {
    private final InMemoryTemplateStore store = new InMemoryTemplateStore(BUILT_IN);

    @Override
    protected TemplateStore store() {
        return store;
    }

    @Override
    protected ImportStore imports() {
        return store;
    }

    @Override
    protected ProfileAssignments assignments() {
        return store;
    }

    @Override
    protected SessionTemplateReader reader() {
        return store;
    }
}
